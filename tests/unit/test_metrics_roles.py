"""How closely roles are agreed, and who rides with whom all year."""

import numpy as np
import pandas as pd
import pytest

from onefunnel.metrics import roles, roles_traps


def make_sales():
    """A plain rebuy; a large rebuy for a key account; a first, customised, slow sale; a short-lived first sale."""
    return pd.DataFrame(
        {
            "purchase_type": ["rebuy", "rebuy", "new_business", "new_business"],
            "customised": [False, False, True, False],
            "product_life_months": [60, 60, 60, 12],
            "cycle_days": [30, 30, 200, 30],
            "key_account": [False, True, False, False],
        },
        index=["plain", "large", "complex", "short"],
    )


def test_reasons_are_counted():
    """0, 1, 3 and 2 reasons: light, shared, tight, shared, in whatever order the rows stand."""
    sales = make_sales()
    assert roles.clarity_points(sales).to_list() == [0, 1, 3, 2]
    assert roles.role_clarity(sales).to_list() == ["light", "shared", "tight", "shared"]
    assert roles.role_clarity(sales.iloc[::-1]).to_dict() == roles.role_clarity(sales).to_dict()
    assert roles.role_clarity(sales.iloc[:0]).empty


def test_every_reason_more_never_needs_less():
    """All 32 combinations: one reason more keeps the label or moves it towards tight."""
    grid = np.indices((2,) * 5).reshape(5, -1).T.astype(bool)
    sales = pd.DataFrame(
        {
            "purchase_type": np.where(grid[:, 0], "new_business", "rebuy"),
            "customised": grid[:, 1],
            "product_life_months": np.where(grid[:, 2], 12, 60),
            "cycle_days": np.where(grid[:, 3], 200, 30),
            "key_account": grid[:, 4],
        }
    )
    level = roles.role_clarity(sales).map({"light": 0, "shared": 1, "tight": 2}).to_numpy()
    below = (grid[:, None, :] <= grid[None, :, :]).all(axis=2)
    assert (level[:, None] <= level[None, :])[below].all()
    assert np.bincount(level).tolist() == [1, 15, 16]  # 1; 5 + 10; 10 + 5 + 1 combinations


def test_wrong_rules_and_blanks():
    """Size alone, the rule turned round, and short life taken lightly; a blank is refused."""
    sales = make_sales()
    assert roles_traps.big_is_tight(sales).to_list() == ["light", "tight", "light", "light"]
    assert roles_traps.rebuy_is_tight(sales).to_list() == ["tight", "tight", "light", "light"]
    assert roles_traps.short_life_is_light(sales).to_list() == ["light", "shared", "tight", "light"]
    with pytest.raises(ValueError, match="cycle_days"):
        roles.role_clarity(sales.assign(cycle_days=[1, None, 1, 1]))


MARKETERS = [f"m{number}" for number in range(8)]
TERRITORIES = [f"T{number:02}" for number in range(1, 25)]


def test_a_year_of_ride_alongs():
    """8 marketers, 24 territories, 48 weeks: 384 rides, no fault, 16 a territory, each pair twice in the year."""
    schedule = roles.rotation(MARKETERS, TERRITORIES, 48)
    assert len(schedule) == 384
    assert roles.rotation_faults(schedule, 48).empty
    assert set(schedule["territory_id"].value_counts()) == {16}
    assert set(schedule.groupby(["marketer", "territory_id"]).size()) == {2}


@pytest.mark.parametrize(("people", "places", "weeks"), [(1, 13, 26), (5, 14, 52), (13, 13, 30), (3, 24, 1), (2, 3, 3)])
def test_any_rotation_is_without_fault(people, places, weeks):
    """Odd numbers too: no empty week, no pair twice a quarter, nobody in two places, no two in a car."""
    schedule = roles.rotation(list(range(people)), [f"T{place}" for place in range(places)], weeks)
    assert roles.rotation_faults(schedule, weeks).empty
    assert len(schedule) == people * weeks


def test_faults_are_named():
    """Same territory all year, an empty last week of the quarter, one marketer in two places, two in one car."""
    same = roles.rotation_faults(roles_traps.same_pair_twice(MARKETERS, TERRITORIES, 13), 13)
    assert same["fault"].value_counts().to_dict() == {"same_pair_twice": 8 * 12}
    gap = roles.rotation_faults(roles_traps.empty_week(MARKETERS, TERRITORIES, 26), 26)
    assert gap[["fault", "week"]].to_numpy().tolist() == [["empty_week", 13], ["empty_week", 26]]
    crowded = pd.DataFrame({"week": [1, 1, 1], "marketer": ["a", "a", "b"], "territory_id": ["T1", "T2", "T1"]})
    assert sorted(roles.rotation_faults(crowded, 1)["fault"]) == ["two_in_a_car", "two_places"]
    assert roles.rotation_faults(crowded.iloc[:0], 2)["week"].to_list() == [1, 2]


def test_rotations_that_cannot_be():
    """More marketers than territories, a quarter longer than the list of territories, nobody, a name twice."""
    with pytest.raises(ValueError, match="one car"):
        roles.rotation(list("abc"), list("xy"), 1)
    with pytest.raises(ValueError, match="without a repeat"):
        roles.rotation(["a"], list("wxyz"), 13)
    for marketers in ([], ["a", "a"]):
        with pytest.raises(ValueError, match="marketers"):
            roles.rotation(marketers, TERRITORIES, 13)
    assert roles.rotation(MARKETERS, TERRITORIES, 0).empty
