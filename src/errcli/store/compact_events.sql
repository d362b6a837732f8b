-- compact_events: copy the events into the new file.
-- grain:  one row per event
-- params: none
-- order:  by time, so that the zone maps of a window's columns leave out the rest of the file
INSERT INTO user_errors BY NAME
FROM old.user_errors
ORDER BY timestamp, id;
