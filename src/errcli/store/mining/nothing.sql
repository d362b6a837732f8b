-- nothing: which template does each shape have, where there are no shapes?
-- grain:  mined: no row
-- params: none
-- order:  none
CREATE OR REPLACE TEMP TABLE mined (shape_id INTEGER, template VARCHAR);
