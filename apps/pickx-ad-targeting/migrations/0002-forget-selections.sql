-- Danger: lets the service delete what was chosen for an account, once its retention has ended (C11).
GRANT DELETE ON selection TO :app_role;
