"""The one download mechanism: polite, resumed, verified, recorded.

`fetching.fetch_collection` is the entry; `records.open_downloads` is how the rest of gemwright
gets at what was fetched.
"""
