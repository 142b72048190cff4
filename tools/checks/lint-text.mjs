// node lint-text.mjs JSON   For each [file, text] of the array: the rules that ESLint reports when file held text.
import { ESLint } from 'eslint';

const eslint = new ESLint();
const answers = [];
for (const [filePath, text] of JSON.parse(process.argv[2])) {
  const results = await eslint.lintText(text, { filePath });
  answers.push(results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId)));
}
process.stdout.write(JSON.stringify(answers));
