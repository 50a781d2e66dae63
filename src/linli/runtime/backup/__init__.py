"""Backups that can be proven: a dump, the media, and a manifest with a digest of every file and every table.

A backup is a folder (or a ``.tar`` of one)::

    manifest.json    what is in it, when it was made, by which version; sealed with its own digest
    database.dump    pg_dump's custom format, taken in the same snapshot as the tables' digests
    media/           pictures, voices, videos

The keys are not in it: a backup that held them would open every sealed field to whoever finds it. The
manifest names the keys by a digest, so that a restore can say whether the keyring at hand fits.
"""
