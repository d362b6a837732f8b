-- regroup_shapes: which shapes were found for the events that were looked at anew?
-- grain:  kinds, one row per shape, and shaped, one per event that stands for it, as shapes_add reads them
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE kinds AS
SELECT *, CAST(NULL AS VARCHAR) AS place_hash
FROM regrouped_shapes;

CREATE OR REPLACE TEMP TABLE shaped AS
SELECT kind
FROM regrouped_shapes;
