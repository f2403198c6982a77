import { expect, test } from 'vitest';
import { readOpenMetrics } from './openmetrics.test-helper.js';

const GAUGE = '# TYPE a gauge\n';

test.each([
  ['no end', 'a 1 1\n', 'the end is missing'],
  ['no type', 'a 1 1\n# EOF\n', 'before the first TYPE'],
  ['a unit that the name lacks', '# TYPE a gauge\n# UNIT a seconds\n# EOF\n', 'suffix'],
  ['a counter without _total', '# TYPE a counter\na 1 1\n# EOF\n', 'another family'],
  ['a counter that falls', '# TYPE a counter\na_total 2 1\na_total 1 2\n# EOF\n', 'goes back'],
  ['time that stands still', `${GAUGE}a 1 1\na 1 1\n# EOF\n`, 'time does not rise'],
  ['series that are interleaved', `${GAUGE}a{x="1"} 1 1\na{x="2"} 1 1\na{x="1"} 1 2\n# EOF\n`, 'a series in two places'],
  ['a family in two places', `${GAUGE}a 1 1\n# TYPE b gauge\nb 1 1\n${GAUGE}# EOF\n`, 'a family in two places'],
  ['a quote that is not escaped', `${GAUGE}a{x="""} 1 1\n# EOF\n`, 'not a line'],
])('the reader of these tests refuses %s', (_what, text, message) => {
  expect(() => readOpenMetrics(text)).toThrow(message);
});
