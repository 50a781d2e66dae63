"""The API of the daily work, one topic a file."""

from linli.fieldwork.api.helping import helping
from linli.fieldwork.api.work import work

routers = (work, helping)
