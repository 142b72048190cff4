const OLDEST = [20, 19];

/** One line when this Node cannot even install the packages. */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return enough ? undefined : `Node ${version} is too old: install Node 20.19 or newer (Node 24 itself comes by npm)`;
}
