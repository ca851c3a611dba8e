"""The screens. ``register_screens`` lists every blueprint; a view is under 15 lines and asks a service."""

from flask import Flask

from tracker.web import (
    absences,
    access,
    admin,
    asking,
    assessments,
    audit,
    auth,
    coming,
    context,
    desk,
    errors,
    filters,
    headers,
    health,
    login,
    meetings,
    navigation,
    notices,
    operating,
    overview,
    reports,
    ticket_timing,
    tickets,
    triage,
    undelivered,
)


def register_screens(app: Flask) -> None:
    """Attach log-in, guards, error pages and all blueprints to the application."""
    asking.attach(app)
    login.attach(app)
    headers.attach(app)
    errors.attach(app)
    navigation.attach(app)
    filters.attach(app)
    for screen in (
        absences,
        admin,
        assessments,
        audit,
        auth,
        coming,
        desk,
        health,
        meetings,
        notices,
        operating,
        overview,
        reports,
        ticket_timing,
        tickets,
        triage,
        undelivered,
    ):
        app.register_blueprint(screen.blueprint)
    access.attach(app)


__all__ = ["context", "register_screens"]
