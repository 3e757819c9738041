"""All addresses of the pages, and where the API hangs in."""

from __future__ import annotations

from django.urls import include, path, re_path

from leye.site.admin import data
from leye.site.analyst import cockpit, reports, series
from leye.site.desk import alerts, plans
from leye.site.open import front, login, preferences, texts

handler403 = "leye.site.open.errors.forbidden"
handler404 = "leye.office.web.errors.not_found"
handler500 = "leye.office.web.errors.server_error"

urlpatterns = [
    path("", front.front, name="front"),
    path("login", login.log_in, name="login"),
    path("logout", login.log_out, name="logout"),
    path("preferences", preferences.preferences, name="preferences"),
    path("help", texts.help_page, name="help"),
    path("accessibility", texts.accessibility, name="accessibility"),
    path("privacy", texts.privacy, name="privacy"),
    path("cockpit", cockpit.cockpit, name="cockpit"),
    path("cockpit.csv", cockpit.cockpit_csv, name="cockpit-csv"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts.csv", alerts.alerts_csv, name="alerts-csv"),
    path("alerts/<uuid:alert_id>", alerts.alert, name="alert"),
    path("alerts/<uuid:alert_id>/assign", alerts.assign, name="alert-assign"),
    path("alerts/<uuid:alert_id>/undo", alerts.undo, name="alert-undo"),
    path("alerts/<uuid:alert_id>/start", alerts.start, name="alert-start"),
    path("alerts/<uuid:alert_id>/steps/<int:number>", alerts.step, name="alert-step"),
    path("alerts/<uuid:alert_id>/close", alerts.close, name="alert-close"),
    path("alerts/<uuid:alert_id>/false-alarm", alerts.false_alarm, name="alert-false"),
    path("plans", plans.plans, name="plans"),
    path("plans/<slug:plan_id>", plans.plan, name="plan"),
    path("series", series.series_index, name="series-index"),
    path("series/<path:unique_id>.csv", series.series_csv, name="series-csv"),
    path("series/<path:unique_id>", series.series, name="series"),
    path("charts/<slug:run_id>", series.chart_spec, name="chart-spec"),
    path("data", data.data, name="data"),
    path("data/correct", data.correct, name="data-correct"),
    path("data/replay", data.replay, name="data-replay"),
    re_path(r"^data/(?P<table>loads|quarantine|load_warnings)\.csv$", data.data_csv, name="data-csv"),
    path("reports", reports.reports, name="reports"),
    re_path(r"^reports/(?P<run_id>[0-9T]+-[0-9a-f]+)\.(?P<ending>docx|pdf)$", reports.report_download, name="report-download"),
    path("reports/<slug:run_id>", reports.report, name="report"),
    path("", include("leye.api.urls")),
]
