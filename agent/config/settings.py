"""A valid configuration as frozen values. `agent.config` reads them; docs/configuration.md explains them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    SkipValidation,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from agent.config.problems import Told
from agent.config.values import (
    Amount,
    ClockTime,
    Currency,
    Duration,
    Loopback,
    MailAddress,
    Moment,
    Pause,
    Receiver,
    Share,
    Site,
    SourceAddress,
    StoreAddress,
    TransportAddress,
    Zone,
)
from agent.plans.costs import OwnCosts
from agent.policies.guard import Caps
from agent.policies.policy import Policy
from agent.risks.timers import Timers
from agent.vocabulary.status import Mode
from mail.genuine.trust import Trust

_MODEL = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

ADDITIONS = ("replies", "phrases", "readers", "carriers", "rules")


class Password(BaseModel):
    """Where a password is found; exactly one key. It never stands in the configuration itself."""

    model_config = _MODEL
    env: str | None = None
    """Name of an environment variable."""
    file: str | None = None
    """A file that only its owner may read; relative to the configuration."""
    command: str | list[str] | None = None
    """A program whose first line of output is the password; run without a shell."""
    credential: str | None = None
    """Name of a systemd credential."""
    keyring: str | None = None
    """`service/name` of the desktop's keyring; the service is `orderwatch` where only a name stands."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Password:
        if len(self.model_fields_set) != 1 or all(value is None for value in self.__dict__.values()):
            raise Told("a password comes from exactly one of env, file, command, credential, keyring")
        return self


class Mailbox(BaseModel):
    """One mailbox that eBay and carriers write to."""

    model_config = _MODEL
    name: str = Field(min_length=1, max_length=60)
    source: SourceAddress
    """A server's address, or `maildir:` and `mbox:` with an absolute path."""
    password: Password | None = None
    registered_address: MailAddress | None = None
    """The address that the eBay account is registered with."""
    ebay_username: str | None = None
    site: Site | None = None
    """The shop's home site; an order's own site comes from its mail."""
    receiver: Receiver | None = None
    """Whose Authentication-Results are believed. None: nothing is verified."""
    forwarders: Annotated[tuple[Receiver, ...], Field(max_length=20)] = ()
    """Who may vouch, by an ARC seal, for mail that was forwarded into this mailbox: domains of sealers."""
    own_dkim: bool = False
    """Whether DKIM signatures are checked here too, which asks the DNS."""
    sign_as: str | None = Field(default=None, max_length=60)

    @property
    def trust(self) -> Trust:
        """Whose word about a mail's sender is believed."""
        return Trust(receiver=self.receiver, forwarders=self.forwarders, own_dkim=self.own_dkim)

    @property
    def signature(self) -> str:
        """What replies are signed with."""
        return self.sign_as or self.ebay_username or self.name


class Outgoing(BaseModel):
    """How mail leaves."""

    model_config = _MODEL
    transport: TransportAddress
    sender: MailAddress = Field(alias="from")
    password: Password | None = None
    drafts_folder: str | None = Field(default=None, min_length=1, max_length=200)
    """A folder of the first IMAP mailbox into which the drafts that wait are put, for a mail program to send."""


class Digest(BaseModel):
    """When the digest goes to whom."""

    model_config = _MODEL
    to: MailAddress
    at: ClockTime = time(7, 30)
    timezone: Zone = ZoneInfo("UTC")
    approve_by_reply_up_to: float = Field(default=250, ge=0, allow_inf_nan=False)
    """Drafts about orders up to this amount can be approved by answering the digest; 0: none."""


def _client_id(given: object) -> str | Password:
    """A name rather than a secret: it may stand in the configuration, or be found where passwords are."""
    if isinstance(given, str) and given:
        return given
    try:
        return Password.model_validate(given)
    except ValidationError:
        ways = "env, file, command, credential, keyring"
        raise Told(f"a client_id is a text, or comes from exactly one of {ways}") from None


ClientId = Annotated[str | Password, PlainValidator(_client_id), WithJsonSchema({"type": ["string", "object"]})]


class ApiKey(BaseModel):
    """The seller's own key of a tracking API."""

    model_config = _MODEL
    key: Password
    a_day: int | None = Field(default=None, ge=1, le=100_000)
    """Requests in 24 hours; else as modest as the source's file says."""


class ApiClient(BaseModel):
    """The seller's own client of a tracking API that gives an id with a secret, or a user name with a password."""

    model_config = _MODEL
    client_id: ClientId
    client_secret: Password
    a_day: int | None = Field(default=None, ge=1, le=100_000)


class Keys(BaseModel):
    """Keys of official tracking APIs and of one aggregator, by the source's id; none is needed."""

    model_config = _MODEL
    dhl: ApiKey | None = None
    laposte: ApiKey | None = None
    postnord: ApiKey | None = None
    canada_post: ApiClient | None = Field(default=None, alias="canada-post")
    ups: ApiClient | None = None
    fedex: ApiClient | None = None
    usps: ApiClient | None = None
    track17: ApiKey | None = Field(default=None, alias="17track")

    @property
    def given(self) -> dict[str, ApiKey | ApiClient]:
        """Those that are configured."""
        named = ((field.alias or name, getattr(self, name)) for name, field in Keys.model_fields.items())
        return {name: key for name, key in named if key is not None}


class Looking(BaseModel):
    """Visits to carriers' pages."""

    model_config = _MODEL
    enabled: bool = True
    every: Duration = timedelta(hours=6)
    """How closely parcels are watched: twice as long halves the looks."""
    a_day: int = Field(default=200, ge=1, le=10_000)
    """Looks at one carrier within a day, all parcels together."""
    keys: Keys = Keys()
    connect_to: Loopback | None = None
    """Tests and demo only: all requests go to this address as plain HTTP. Refused in mode live."""


class Costs(BaseModel):
    """What another parcel costs the shop, for the arithmetic of plans; what is left out is not known."""

    model_config = _MODEL
    currency: Currency | None = None
    """Of the amounts; for orders in another one they do not count."""
    postage: Amount | None = None
    """Sending a parcel within the country."""
    postage_abroad: Amount | None = None
    handling: Amount | None = None
    """Packing and work, for each parcel."""
    goods_share: Share | None = None
    """What goods cost the shop, as a share of their price."""

    @model_validator(mode="after")
    def _with_currency(self) -> Costs:
        amounts = (self.postage, self.postage_abroad, self.handling)
        if self.currency is None and any(amount is not None for amount in amounts):
            raise Told("amounts need their currency", "write currency: EUR beside them")
        return self

    @property
    def told(self) -> OwnCosts:
        """As plans count with it."""
        return OwnCosts(**self.__dict__)


@dataclass(frozen=True, kw_only=True)
class Additions:
    """The seller's own files beside the configuration: folders that exist, else None."""

    replies: Path | None = None
    phrases: Path | None = None
    readers: Path | None = None
    carriers: Path | None = None
    rules: Path | None = None


class Settings(BaseModel):
    """A valid configuration. Frozen; paths are absolute, times are aware."""

    model_config = _MODEL
    mode: Mode = Mode.OBSERVE
    store: Annotated[StoreAddress, Field(validate_default=True)] = "sqlite:///orderwatch.db"
    mailboxes: tuple[Mailbox, ...] = Field(min_length=1)
    outgoing: Outgoing | None = None
    digest: Digest | None = None
    looking: Looking = Looking()
    costs: Costs = Costs()
    poll: Pause = timedelta(minutes=5)
    """The pause between two looks into the mailboxes, 10 s to 1 day; a server that can says at once what is new."""
    clock: Moment | None = None
    """Tests and demo only: the time to use instead of now. Refused in mode live."""
    policies: Annotated[SkipValidation[tuple[Policy, ...]], WithJsonSchema({"type": "array"})] = ()
    caps: Annotated[SkipValidation[Caps], WithJsonSchema({"type": "object"})] = Caps()
    timers: Annotated[SkipValidation[Timers], WithJsonSchema({"type": "object"})] = Timers()
    _file: Path = PrivateAttr(default=Path("config.yaml"))

    @property
    def file(self) -> Path:
        return self._file

    @property
    def folder(self) -> Path:
        """Where the configuration lies; relative paths in it start here."""
        return self._file.parent

    @property
    def zone(self) -> ZoneInfo:
        """The zone that times are shown in."""
        return self.digest.timezone if self.digest else ZoneInfo("UTC")

    @property
    def additions(self) -> Additions:
        found = {name: self.folder / name for name in ADDITIONS}
        return Additions(**{name: path for name, path in found.items() if path.is_dir()})

    @property
    def own_data(self) -> dict[str, Path]:
        """The seller's own files that reading rests on, by kind of folder."""
        found = {"readers": self.additions.readers, "carriers": self.additions.carriers}
        found["phrases"] = self.additions.phrases
        return {kind: folder for kind, folder in found.items() if folder is not None}
