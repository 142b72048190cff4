-- Danger: none. A column that is empty, and a trigger that fires where a clock is set to a moment that has passed.

-- When a clock was set to a moment that had passed, as what it follows from became known late. What is due waits from then on:
-- not for as long as its moment is ago.
ALTER TABLE subject ADD COLUMN due_known_at timestamptz;

CREATE FUNCTION keep_due_known_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.due_known_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER subject_due_known_at BEFORE UPDATE OF due_at ON subject FOR EACH ROW
  WHEN (NEW.due_at < clock_timestamp() AND NEW.due_at IS DISTINCT FROM OLD.due_at)
  EXECUTE FUNCTION keep_due_known_at();
