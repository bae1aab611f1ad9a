"""Our frozen values to JSON and back: what the log, the outbox and `--json` are written in."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from agent.orders.order import Order
from agent.policies.decision import Decision
from agent.risks.risk import Risk
from agent.vocabulary.events import AnyEvent


@cache
def _events() -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[AnyEvent, Field(discriminator="type")])


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def event_to_json(event: AnyEvent) -> str:
    return _events().dump_json(event, exclude_defaults=False, exclude_none=True).decode()


def event_from_json(text: str) -> AnyEvent:
    """Raises pydantic.ValidationError for what no version of ours wrote."""
    event: AnyEvent = _events().validate_json(text)
    return event


def order_to_json(order: Order) -> str:
    return _adapter(Order).dump_json(order, exclude_none=True).decode()


def order_from_json(text: str) -> Order:
    order: Order = _adapter(Order).validate_json(text)
    return order


def risks_to_json(risks: tuple[Risk, ...]) -> str:
    return _adapter(tuple[Risk, ...]).dump_json(risks, exclude_none=True).decode()


def risks_from_json(text: str) -> tuple[Risk, ...]:
    risks: tuple[Risk, ...] = _adapter(tuple[Risk, ...]).validate_json(text)
    return risks


def decisions_to_json(decisions: tuple[Decision, ...]) -> str:
    return _adapter(tuple[Decision, ...]).dump_json(decisions, exclude_none=True).decode()


def decisions_from_json(text: str) -> tuple[Decision, ...]:
    decisions: tuple[Decision, ...] = _adapter(tuple[Decision, ...]).validate_json(text)
    return decisions


def plain(value: Any, shape: Any) -> Any:
    """A value as the plain data of its JSON, absent facts left out."""
    return _adapter(shape).dump_python(value, mode="json", exclude_none=True)
