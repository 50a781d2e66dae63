"""What the API of the official account takes and gives. Secrets go in and never come out."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from linli.kernel.api_types import Asked, CommunityCode, Line, Moment, Named, Text, Yes

Name = Annotated[Named, Field(max_length=60, examples=["铝兴社区"])]
AppId = Annotated[Named, Field(max_length=64, examples=["wx0123456789abcdef"])]
Mode = Annotated[str, Field(pattern="^(aes|plain)$", examples=["aes"])]
Datum = Annotated[str, Field(pattern="^(gcj02|wgs84)$", examples=["gcj02"])]


class AccountIn(Asked):
    """The account as it stands in the platform's console; an empty secret leaves the one that is there."""

    name: Name
    app_id: AppId
    original_id: Annotated[Line, Field(max_length=64, examples=["gh_0123456789ab"])] = ""
    secret: Annotated[Line, Field(max_length=128, examples=[""])] = ""
    token: Annotated[Line, Field(max_length=128, examples=[""])] = ""
    aes_key: Annotated[Line, Field(max_length=128, examples=[""])] = ""
    mode: Mode = "aes"
    datum: Datum = "gcj02"
    on: Yes = True


class AccountOut(Schema):
    """How the account is set up, and how it goes."""

    community: CommunityCode
    name: Name
    app_id: AppId
    original_id: Annotated[str, Field(examples=["gh_0123456789ab"])]
    mode: Mode
    datum: Datum
    on: Annotated[bool, Field(examples=[True])]
    callback: Annotated[str, Field(examples=["https://city.example.org/wechat/k3m9qwx0ab1zt2f7/"])]
    has_secret: Annotated[bool, Field(examples=[True])]
    has_aes_key: Annotated[bool, Field(examples=[True])]
    trouble: Annotated[
        str, Field(examples=[""], description="the platform's last refusal that takes a person")
    ]
    proved_at: Moment | None
    heard_at: Moment | None
    menu_pushed_at: Moment | None


class EntryIn(Asked):
    """An entry of the menu: a page (`view`), a word for the chat (`click` and others), or entries below it."""

    name: Annotated[Named, Field(max_length=30, examples=["我要说"])]
    kind: Annotated[str, Field(max_length=30, examples=["click"])] = ""
    value: Annotated[Line, Field(max_length=300, examples=["report"])] = ""
    below: Annotated[list[EntryIn], Field(max_length=5)] = []


class MenuIn(Asked):
    """The whole menu: one to three entries with up to five below each."""

    menu: Annotated[list[EntryIn], Field(min_length=1, max_length=3)]


class MenuOut(Schema):
    """The menu as it is kept here; followers see it once it is pushed."""

    menu: Annotated[
        list[dict[str, Any]],
        Field(examples=[[{"name": "我要说", "kind": "click", "value": "report", "below": []}]]),
    ]
    pushed: Annotated[bool, Field(examples=[True], description="whether followers see this very menu")]


class ChatAnswerIn(Asked):
    """An answer of the community's own: said when a question holds one of the phrases (`低保+申请`: both words)."""

    phrases: Annotated[
        list[Annotated[Named, Field(max_length=60, examples=["居住证明"])]],
        Field(min_length=1, max_length=20),
    ]
    answer_zh: Annotated[Text, Field(min_length=1, max_length=600, examples=["在社区服务大厅办理。"])]
    answer_en: Annotated[Text, Field(max_length=900, examples=["At the service hall."])] = ""
    link: Annotated[Line, Field(max_length=300, pattern=r"^$|^(/|https://)\S*$", examples=[""])] = ""
    on: Yes = True


class ChatAnswerOut(Schema):
    """An answer of the community's own."""

    id: Annotated[int, Field(examples=[4])]
    phrases: Annotated[list[str], Field(examples=[["居住证明"]])]
    answer_zh: Annotated[str, Field(examples=["在社区服务大厅办理。"])]
    answer_en: Annotated[str, Field(examples=["At the service hall."])]
    link: Annotated[str, Field(examples=[""])]
    on: Annotated[bool, Field(examples=[True])]


class SceneIn(Asked):
    """For which places codes are to be made."""

    level: Annotated[
        str, Field(pattern="^(community|committee|grid|courtyard|building|unit)$", examples=["building"])
    ]


class SceneAsked(Schema):
    """How many codes are being made now."""

    asked: Annotated[int, Field(examples=[42])]


class SceneOut(Schema):
    """The code of a place; `url` is what the drawn code says."""

    place_code: Annotated[str, Field(examples=["520113008006-08"])]
    scene: Annotated[str, Field(examples=["building:520113008006-08"])]
    state: Annotated[str, Field(pattern="^(waiting|made|failed)$", examples=["made"])]
    url: Annotated[str, Field(examples=["http://weixin.qq.com/q/02Ab"])]
    why: Annotated[str, Field(examples=[""], description="the platform's number, where it was not made")]
