"""The registry of predictors of interactions."""

from gemwright.emi.models.predictor import Predictor
from gemwright.emi.models.registry import CONTROLS, PREDICTORS, WITH_TOWER
from gemwright.io.plugins import load, source_file


def test_every_predictor_is_a_class_of_its_own_file() -> None:
    assert {*CONTROLS, *WITH_TOWER} <= PREDICTORS.keys()
    files = [source_file(place) for place in PREDICTORS.values()]
    assert len(set(files)) == len(files)
    for place in PREDICTORS.values():
        assert issubclass(load(place), Predictor)
        own = [name for name in ("fit", "save", "load") if name in vars(load(place))]
        assert bool(own) is not (place in {PREDICTORS[name] for name in CONTROLS})
