"""Every route has an access rule; one without is never served."""

from flask import Flask

from tests.makers import Makers
from tracker.domain.access import Action
from tracker.domain.people import Role
from tracker.web.access import PUBLIC, rule_of

MAY_BE_PUBLIC = {"static", "auth.log_in", "health.healthz", "health.readyz", "health.metrics"}


def endpoints_without_rule(app: Flask) -> set[str]:
    """Return the endpoints whose rule is missing or unknown."""
    known = {PUBLIC, *Action}
    return {rule.endpoint for rule in app.url_map.iter_rules() if rule_of(app, rule.endpoint) not in known}


def test_every_route_has_an_access_rule(app: Flask) -> None:
    assert endpoints_without_rule(app) == set()


def test_few_routes_are_public(app: Flask) -> None:
    public = {rule.endpoint for rule in app.url_map.iter_rules() if rule_of(app, rule.endpoint) == PUBLIC}

    assert public <= MAY_BE_PUBLIC


def test_a_route_without_rule_is_found_and_not_served(app: Flask, make: Makers) -> None:
    """The negative control of the two above."""
    app._got_first_request = False
    app.add_url_rule("/quen-luat", "forgotten", lambda: "lộ")
    client = make.log_in(make.person(Role.ADMINISTRATOR, make.ward()[0]))

    assert endpoints_without_rule(app) == {"forgotten"}
    answer = client.get("/quen-luat")
    assert answer.status_code == 403
    assert "lộ" not in answer.text.split("<main")[0]


def test_views_are_short(app: Flask) -> None:
    """A view is under 15 lines: it asks a form and a service, and answers."""
    import inspect

    long = {
        endpoint: len(inspect.getsource(inspect.unwrap(view)).splitlines())
        for endpoint, view in app.view_functions.items()
        if view.__module__.startswith("tracker.web")
    }
    assert {endpoint: lines for endpoint, lines in long.items() if lines > 24} == {}
