"""Questions about tables of the web (WikiSQL, Zhong et al. 2017), whose tables are made again from what is asked of them."""

from microgt.data.web.source import WebTablesSource

__all__ = ["WebTablesSource"]
