-- Danger: none; adds a column that is null in every row there is.

-- Why a change was applied although a system it names anew was not known to have a rule for the purpose.
ALTER TABLE catalogue_change ADD COLUMN despite text;
