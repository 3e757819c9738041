"""All addresses of the pages, and where the API hangs in."""

from __future__ import annotations

from django.urls import include, path, re_path

from leye.site.admin import data, registry, registry_papers, registry_steps
from leye.site.analyst import cockpit, reports, series
from leye.site.desk import alerts, plans
from leye.site.auditor import fairness, own_audit, replay
from leye.site.auditor import reads as reads_record
from leye.site.desk import data_requests
from leye.site.me import decisions as my_decisions
from leye.site.me import own_data
from leye.site.me import reads as my_reads
from leye.site.open import algorithms, front, login, preferences, texts, verify

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
    path("my/decisions", my_decisions.decisions, name="my-decisions"),
    path("my/decisions.csv", my_decisions.decisions_csv, name="my-decisions-csv"),
    path("my/decisions/<uuid:decision_id>", my_decisions.decision, name="my-decision"),
    path("my/decisions/<uuid:decision_id>/receipt", my_decisions.receipt, name="my-receipt"),
    path("my/decisions/<uuid:decision_id>/opening", my_decisions.opening, name="my-opening"),
    path("replay", replay.replay_index, name="replay-index"),
    path("replay/<uuid:decision_id>", replay.replay, name="replay"),
    path("replay/<uuid:decision_id>/receipt", replay.replay_receipt, name="replay-receipt"),
    path("fairness", fairness.reports, name="fairness"),
    path("fairness/make", fairness.make, name="fairness-make"),
    path("fairness/own", own_audit.own_audit, name="fairness-own"),
    path("fairness/<slug:quarter>/<slug:table>.csv", fairness.report_table, name="fairness-table"),
    re_path(r"^fairness/(?P<quarter>[0-9]{4}Q[1-4])\.(?P<ending>docx|pdf|json|tlog-proof)$", fairness.report_file, name="fairness-file"),
    path("fairness/<slug:quarter>", fairness.report, name="fairness-report"),
    path("verify", verify.verify, name="verify"),
    path("algorithms", algorithms.algorithms, name="algorithms"),
    path("algorithms/register.csv", algorithms.algorithms_csv, name="algorithms-csv"),
    path("algorithms/<str:algo>/notice.docx", algorithms.notice, name="algorithm-notice"),
    path("algorithms/<str:algo>", algorithms.algorithm, name="algorithm"),
    path("registry", registry.registry, name="registry"),
    path("registry.csv", registry.registry_csv, name="registry-csv"),
    path("registry/new", registry.new, name="registry-new"),
    path("registry/models", registry.models, name="registry-models"),
    path("registry/models.csv", registry.models_csv, name="registry-models-csv"),
    path("registry/law", registry.law, name="registry-law"),
    path("registry/<int:version_id>", registry.version, name="registry-version"),
    path("registry/<int:version_id>/assess", registry_steps.assess, name="registry-assess"),
    path("registry/<int:version_id>/sign", registry_steps.sign, name="registry-sign"),
    path("registry/<int:version_id>/file", registry_steps.file, name="registry-file"),
    path("registry/<int:version_id>/launch", registry_steps.launch, name="registry-launch"),
    path("registry/<int:version_id>/suspend", registry_steps.suspend, name="registry-suspend"),
    path("registry/<int:version_id>/blacklist", registry_steps.blacklist, name="registry-blacklist"),
    path("registry/<int:version_id>/sandbox", registry_steps.sandbox, name="registry-sandbox"),
    path("registry/<int:version_id>/metric", registry_steps.metric, name="registry-metric"),
    path("registry/<int:version_id>/conclude", registry_steps.conclude, name="registry-conclude"),
    path("registry/<int:version_id>/spot-check", registry_steps.spot_check, name="registry-spot-check"),
    path("registry/<int:version_id>/spot-check/<int:check_id>/<int:place>", registry_steps.judge, name="registry-judge"),
    path("registry/<int:version_id>/incident", registry_steps.incident, name="registry-incident"),
    path("registry/<int:version_id>/incident/<int:incident_id>", registry_steps.close_incident, name="registry-incident-close"),
    path("registry/<int:version_id>/papers/<slug:kind>", registry_papers.paper, name="registry-paper"),
    path("registry/<int:version_id>/papers/<slug:kind>.docx", registry_papers.paper_file, name="registry-paper-file"),
    path("my/reads", my_reads.reads, name="my-reads"),
    path("my/reads.csv", my_reads.reads_csv, name="my-reads-csv"),
    path("my/data", own_data.own_data, name="my-data"),
    re_path(r"^my/data\.(?P<ending>json|csv)$", own_data.own_data_file, name="my-data-file"),
    path("my/data/ask", own_data.ask, name="my-data-ask"),
    path("reads", reads_record.reads, name="reads"),
    path("reads.csv", reads_record.reads_csv, name="reads-csv"),
    path("reads/<uuid:read_id>", reads_record.read, name="read"),
    path("data-requests", data_requests.data_requests, name="data-requests"),
    path("data-requests.csv", data_requests.data_requests_csv, name="data-requests-csv"),
    path("data-requests/<uuid:request_id>", data_requests.data_request, name="data-request"),
    path("", include("leye.api.urls")),
]
