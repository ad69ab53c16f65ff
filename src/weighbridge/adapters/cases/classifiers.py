"""Classifiers of a case: fitted with scikit-learn on a table that was grown, and saved with skops."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from weighbridge.adapters.cases.tables import needs_tabular
from weighbridge.core.errors import Unusable
from weighbridge.core.material import Classifier, ClassifierKind
from weighbridge.core.wording import _

if TYPE_CHECKING:
    import pandas as pd

_SEED = 0  # of a forest; nothing else here is drawn


def write_classifier(classifier: Classifier, folder: Path) -> None:
    """Fit a classifier on its table and save it.

    Raises
    ------
    Unusable
        Where scikit-learn is missing, or the table has no such column.
    """
    try:
        import pandas as pd
        import sklearn  # noqa: F401  the extra brings all three or none
        import skops.io
    except ImportError:
        raise needs_tabular(classifier.path) from None
    source = folder / classifier.table
    is_csv = source.suffix == ".csv"
    rows = pd.read_csv(source, keep_default_na=False) if is_csv else pd.read_json(source, lines=True, dtype=False)
    features = list(classifier.features or [name for name in rows.columns if name != classifier.target])
    if lost := sorted({*features, classifier.target} - set(rows.columns)):
        raise Unusable(
            _("cannot fit {path} for the case").format(path=classifier.path),
            _("{table} has no column {name}").format(table=classifier.table, name=lost[0]),
            _("mend `target` or `features` in [[classifier]]"),
        )
    model = _model(classifier.kind, rows[features])
    taken = rows[features[0]] if classifier.kind is ClassifierKind.WORDS else rows[features]
    model.fit(taken, rows[classifier.target].to_numpy(dtype=str))
    path = folder / classifier.path
    path.parent.mkdir(parents=True, exist_ok=True)
    skops.io.dump(model, path)


def _model(kind: ClassifierKind, rows: pd.DataFrame) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    if kind is ClassifierKind.WORDS:
        pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), min_df=5)
        return make_pipeline(pieces, LogisticRegression(max_iter=1000))
    numbers = [name for name in rows.columns if rows[name].dtype.kind in "ifb"]
    others = [name for name in rows.columns if name not in numbers]
    parts = [(StandardScaler(), numbers)] if numbers else []
    parts += [(OneHotEncoder(handle_unknown="ignore"), others)] if others else []
    coded = make_column_transformer(*parts, verbose_feature_names_out=False)
    last = {
        ClassifierKind.LOGISTIC: lambda: LogisticRegression(C=0.1, max_iter=1000),
        ClassifierKind.FOREST: lambda: RandomForestClassifier(n_estimators=25, random_state=_SEED),
        ClassifierKind.NEIGHBOURS: lambda: KNeighborsClassifier(n_neighbors=3),
    }[kind]()
    return make_pipeline(coded, last)
