"""All the work of one client as flows (see `effects`), for the blocking and the awaiting one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from lipwright_client.calls import Calls
from lipwright_client.effects import Flow
from lipwright_client.jobs import Jobs
from lipwright_client.models import CreatedProject
from lipwright_client.params import CreateOptions, GenerateOptions
from lipwright_client.products import P, Product, split_keywords
from lipwright_client.settings import ClientSettings
from lipwright_client.transfers import Transfers


class Flows:
    """The flows of one client."""

    def __init__(self, settings: ClientSettings) -> None:
        calls = Calls(settings)
        self.transfers = Transfers(calls)
        self.jobs = Jobs(calls, self.transfers)

    def create(self, product: Product[P], keywords: Mapping[str, Any]) -> Flow[CreatedProject]:
        """Create a job from the keywords of `create`. Raises TypeError for wrong ones."""
        body, options = split_keywords(product, keywords, CreateOptions)
        return self.jobs.create(product, body, cast(CreateOptions, options))

    def generate(self, product: Product[P], keywords: Mapping[str, Any]) -> Flow[P]:
        """Do all of a job from the keywords of `generate`. Raises TypeError for wrong ones."""
        body, options = split_keywords(product, keywords, GenerateOptions)
        return self.jobs.generate(product, body, cast(GenerateOptions, options))
