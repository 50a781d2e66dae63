"""The OpenAPI document: valid, complete, with examples that hold; and its page for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from linli.kernel.access import Policy
from linli.kernel.api import Told
from linli.kernel.tests.program import Program, document
from linli.people.rules import Scope
from linli.site import openapi, reference
from linli.site.api import api

OPERATIONS = [
    (f"{method.upper()} {path}", told)
    for path, methods in openapi.document()["paths"].items()
    for method, told in methods.items()
]
each_operation = pytest.mark.parametrize(("name", "told"), OPERATIONS, ids=[name for name, _ in OPERATIONS])


def media(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every body of an operation: where it stands, its kind, what is said of it."""
    for kind, said in told.get("requestBody", {}).get("content", {}).items():
        yield "request", kind, said
    for status, answer in told["responses"].items():
        for kind, said in answer.get("content", {}).items():
            yield status, kind, said


def test_the_document_is_valid_openapi() -> None:
    assert document()["openapi"] == "3.1.0"
    validate(document())


def test_it_is_served_with_a_tag() -> None:
    first = Client().get("/api/v1/openapi.json")
    assert first.json() == openapi.document()
    again = Client().get("/api/v1/openapi.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_every_operation_declares_who_may_call_it() -> None:
    for path, method, operation in openapi.operations():
        rule, more = openapi.declared(operation)
        assert isinstance(rule, Policy), (method, path)
        assert isinstance(more, Told), (method, path)
        assert rule.scope in {"", *Scope}, (method, path)
        assert rule.scope or rule.who.kind in {"public", "signed_in"}, (method, path)


def test_operations_have_names_of_their_own() -> None:
    ids = [told["operationId"] for _, told in OPERATIONS]
    assert len(ids) == len(set(ids))


@each_operation
def test_an_operation_says_all_that_a_program_needs(name: str, told: dict[str, Any]) -> None:
    assert told["summary"]
    assert len(told["description"].split("\n\n")) >= 2  # what it does, and for whom
    assert told["tags"][0] in openapi.TAGS
    assert told["security"]
    assert "deprecated" not in told
    statuses = set(told["responses"])
    assert statuses & {"200", "201", "202", "204"}
    assert {"401", "403", "404", "422", "429", "503"} <= statuses
    if "requestBody" in told:
        assert {"400", "413", "415"} <= statuses
    for status, kind, said in media(told):
        assert "schema" in said, status
        if status >= "400" and status != "request":
            assert kind == "application/problem+json"


@each_operation
def test_its_examples_hold(name: str, told: dict[str, Any]) -> None:
    for status, kind, said in media(told):
        if "json" not in kind:
            continue
        schema = {**said["schema"], "components": document()["components"]}
        checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        assert said["examples"], status
        for one in said["examples"].values():
            faults = [fault.message for fault in checker.iter_errors(one["value"])]
            assert not faults, (status, faults)
            assert "…" not in repr(one["value"]), (status, "a field has no example of its own")


@each_operation
def test_parameters_are_told_in_words_or_by_their_kind(name: str, told: dict[str, Any]) -> None:
    for one in told["parameters"]:
        schema = one["schema"]
        assert "description" in one or {"enum", "type", "anyOf", "allOf", "$ref"} & schema.keys(), one["name"]


def test_creating_operations_take_a_key_and_changing_ones_a_tag() -> None:
    for name, told in OPERATIONS:
        headers = {one["name"] for one in told["parameters"] if one["in"] == "header"}
        if name.startswith("POST") and "201" in told["responses"] and name != "POST /api/v1/me/data":
            assert "Idempotency-Key" in headers, name
        if name.startswith(("PUT", "PATCH")) and "/calendar/" not in name:
            assert "If-Match" in headers, name
            assert "412" in told["responses"], name


def test_two_things_may_not_share_a_name() -> None:
    made = openapi.Schema(api, "api/v1/")
    with pytest.raises(ValueError, match="two things are called CaseOut"):
        made.add_schema_definitions({"CaseOut": {"type": "string"}})


@pytest.mark.django_db
def test_the_reference_is_one_page_that_needs_nothing_from_outside() -> None:
    answer = Client().get("/api/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script" not in page
    assert re.findall(r"(?:src|href|action)=\S*//|url\(|@import", page) == []
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    for _, told in OPERATIONS:
        assert f'id="{told["operationId"]}"' in page
    assert Client().get("/api").status_code in {301, 302}


def test_its_words_cannot_become_markup() -> None:
    assert reference.marked("`<b>` **<i>**") == "<code>&lt;b&gt;</code> <strong>&lt;i&gt;</strong>"


@pytest.mark.django_db
def test_a_program_may_begin_with_nothing_but_the_document() -> None:
    assert Program().get("/communities").body == []
