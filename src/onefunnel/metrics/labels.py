"""What people type as the origin of a lead, and which origin it stands for."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def origins_of(leads: pd.DataFrame, labels: Mapping[str, str]) -> dict[str, str]:
    """The origin behind each typed label, read from the cleaned table: {name: origin} for {name: label}.

    ValueError when a label stands for no origin there, or for two.
    """
    pairs = leads[["origin_label", "origin"]].dropna(subset=["origin_label"]).drop_duplicates()
    found = pairs.groupby("origin_label")["origin"].agg(list).to_dict()
    for label in labels.values():
        if len(found.get(label, [])) != 1:
            raise ValueError(f'the label "{label}" stands for {len(found.get(label, []))} origins. Use another one.')
    return {name: str(found[label][0]) for name, label in labels.items()}
