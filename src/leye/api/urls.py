"""Addresses of the API and of the health check."""

from __future__ import annotations

from django.urls import path

from leye.api.docs import docs
from leye.api.health import healthz
from leye.api.root import api

urlpatterns = [path("healthz", healthz, name="healthz"), path("api/docs", docs, name="api-docs"), path("api/", api.urls)]
