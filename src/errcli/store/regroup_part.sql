-- regroup_part: which shapes do the events of a part have now, and had before?
-- grain:  rows of regrouped_shapes, regrouped_ways and regrouped_events, as regroup_begin makes them
-- params: none
-- order:  none
INSERT INTO regrouped_shapes
SELECT
    (SELECT count(*) FROM regrouped_shapes) + row_number() OVER () AS kind,
    fresh.named_by, fresh.shape_type, fresh.shape_code, fresh.shape, fresh.shape_hash
FROM (SELECT DISTINCT named_by, shape_type, shape_code, shape, shape_hash FROM kinds) AS fresh
ANTI JOIN regrouped_shapes AS found ON found.shape_hash = fresh.shape_hash;

CREATE OR REPLACE TEMP TABLE regrouped_part AS
SELECT regrouping.seq, regrouping.shape_id, regrouping.timestamp, regrouping.occurrences, found.kind, found.shape_hash
FROM regrouping
JOIN shaped ON shaped.seq = regrouping.seq
JOIN kinds ON kinds.kind = shaped.kind
JOIN regrouped_shapes AS found ON found.shape_hash = kinds.shape_hash;

INSERT INTO regrouped_ways
SELECT
    shape_id,
    kind,
    count(*) AS looked_at,
    count(*) FILTER (WHERE seq > 0) AS events,
    coalesce(sum(occurrences) FILTER (WHERE seq > 0), 0) AS errors
FROM regrouped_part
GROUP BY shape_id, kind;

INSERT INTO regrouped_events
SELECT part.seq - 1 AS row_id, utc_date(part.timestamp) AS date, part.kind
FROM regrouped_part AS part
LEFT JOIN shapes ON shapes.shape_id = part.shape_id
WHERE part.seq > 0 AND shapes.shape_hash IS DISTINCT FROM part.shape_hash;
