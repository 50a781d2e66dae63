"""Reporting: the hot write of the house. Its answer is built by hand and its policy costs no statement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from linli.cases.actions import report as intake
from linli.cases.api.routers import cases
from linli.cases.queries import reference
from linli.cases.schemas.report import ReceiptOut, ReportIn
from linli.kernel.access import PUBLIC
from linli.kernel.api import actor_of, answer, at, key_of, network, operation, utc


@cases.post("/cases", response={201: ReceiptOut}, summary="Report something")
@operation("cases.report", who=PUBLIC, scope="cases:write", creates=True, counted=False)
def create(request: HttpRequest, body: ReportIn) -> HttpResponse:
    """Take in a report, from anybody: with a token in the name of its person, without one as a passer-by.

    The receipt is given after it is committed. The same `Idempotency-Key` with the same content gives the same receipt
    (kept for 7 days). Over the limit of reports it is quarantined, never refused.
    """
    receipt = intake.report(
        actor=actor_of(request),
        community_id=reference.community_id(body.community),
        report=body.report(),
        at=at(request),
        key=key_of(request),
        network=network(request),
    )
    out = {
        "number": receipt.number,
        "code": receipt.code,
        "state": "reported",
        "urgency": receipt.urgency,
        "quarantined": receipt.quarantined,
        "grid_id": receipt.grid_id,
        "due_at": utc(receipt.due_at),
    }
    headers = {"Location": f"/api/v1/cases/{receipt.number}"}
    if receipt.again:
        headers["Idempotent-Replayed"] = "true"
    return answer(out, status=201, headers=headers)
