/** What is common to both lines of a TLE: checksum, catalogue number, the exponent notation. */

/** Sum of the digits of columns 1 to 68, each minus sign counting 1, modulo 10. */
export function tleChecksum(line: string): number {
  let sum = 0;
  for (let column = 0; column < 68; column++) {
    const code = line.charCodeAt(column);
    if (code >= 48 && code <= 57) sum += code - 48;
    else if (code === 45) sum++;
  }
  return sum % 10;
}

const ALPHA5 = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * Columns 3 to 7: five digits, or Alpha-5 (a letter without I and O stands for 10 to 33, for numbers up to 339,999).
 * @returns null when they are neither
 */
export function parseCatalogNumber(columns: string): number | null {
  if (/^ *\d+$/.test(columns)) return Number(columns);
  if (!/^[A-HJ-NP-Z]\d{4}$/.test(columns)) return null;
  return (ALPHA5.indexOf(columns[0]!) + 10) * 10_000 + Number(columns.slice(1));
}

/** @throws RangeError above 339,999, which no TLE can say */
export function formatCatalogNumber(number: number): string {
  if (!(number >= 0 && number <= 339_999)) throw new RangeError(`a TLE cannot say the catalogue number ${number}: write OMM instead`);
  if (number < 100_000) return String(number).padStart(5, '0');
  return ALPHA5[Math.floor(number / 10_000) - 10] + String(number % 10_000).padStart(4, '0');
}

/** Eight columns `±ddddd±d`: a fraction with assumed decimal point, and a power of ten. */
export function parseAssumedDecimal(columns: string): number | null {
  const match = /^([ +-])(\d{5})([+-]\d)$/.exec(columns);
  if (!match) return null;
  const value = Number(`0.${match[2]}e${match[3]}`);
  return match[1] === '-' && value !== 0 ? -value : value;
}

/** @throws RangeError from 10⁹ on; below 10⁻⁹ digits are lost, as the columns have no room for them */
export function formatAssumedDecimal(value: number): string {
  if (value === 0) return ' 00000-0';
  let [digits, exponent] = mantissa(value);
  if (exponent < -9) {
    digits = Math.round(digits / 10 ** (-9 - exponent));
    exponent = -9;
  }
  if (exponent > 9) throw new RangeError(`a TLE cannot say ${value}: write OMM instead`);
  return `${value < 0 && digits > 0 ? '-' : ' '}${String(digits).padStart(5, '0')}${exponent > 0 ? '+' : '-'}${Math.abs(exponent)}`;
}

/** Five significant digits d and an exponent x such that |value| = 0.d · 10ˣ. */
function mantissa(value: number): [digits: number, exponent: number] {
  const [digits, exponent] = Math.abs(value).toExponential(4).split('e') as [string, string];
  return [Number(digits.replace('.', '')), Number(exponent) + 1];
}
