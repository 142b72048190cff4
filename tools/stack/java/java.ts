import path from 'node:path';

/** The `java` of JAVA_HOME, or the one in the PATH. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home ? path.join(home, 'bin', 'java') : 'java';
}

/** Small heaps on a shared machine: the serial collector needs no threads of its own. */
export const JVM_FLAGS = ['-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError', '-Djava.awt.headless=true'];
