"""Tables of astropy, pyarrow, pandas and numpy, each made of any other, and what is known of them.

Everything goes by way of an Arrow table, so this needs pyarrow, and pandas only
for what is of pandas.
"""

from .choosing import chosen_columns, filter_columns
from .components import COMPONENTS, component_of_schema, component_of_table
from .converting import as_arrow, as_astropy, as_data_frame, as_numpy, as_numpy_dict, from_arrow
from .schemas import ArrowAstropySchema, ArrowNumpySchema, DataFrameSchema

__all__ = [
    "COMPONENTS",
    "ArrowAstropySchema",
    "ArrowNumpySchema",
    "DataFrameSchema",
    "as_arrow",
    "as_astropy",
    "as_data_frame",
    "as_numpy",
    "as_numpy_dict",
    "chosen_columns",
    "component_of_schema",
    "component_of_table",
    "filter_columns",
    "from_arrow",
]
