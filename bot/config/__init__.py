"""zhaibao.toml and the environment → Settings.

loader.py reads the file; config_table.py reads one table of it, key by key, for rows.py, source.py, rule.py
and the channels' settings.
"""
