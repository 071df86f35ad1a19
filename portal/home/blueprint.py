"""The blueprint that Beranda, Skor and Simulasi share; its endpoints are `home.…`."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("home", __name__)
