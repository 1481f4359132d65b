/** A script's statements; what is between `$$` and `$$` is one. Comments and transactions say nothing here. */
export function split(script: string): string[] {
  return (
    script
      .replace(/^\s*--.*$/gm, '')
      .replaceAll('\\gexec', ';')
      .match(/(?:\$\$[\s\S]*?\$\$|[^;$]|\$(?!\$))+/g) ?? []
  )
    .map((sql) => sql.trim())
    .filter((sql) => sql !== '' && !/^(begin|commit|set\b)/i.test(sql));
}

/** `:'name'`, `:"name"` and `:name`, as psql puts variables into a script. */
export function interpolated(script: string, variables: Record<string, string>): string {
  return script.replace(/(?<!:):(['"]?)([a-zA-Z_]\w*)\1/g, (whole, quote: string, name: string) => {
    const value = variables[name];
    return value === undefined ? whole : `${quote}${value.replaceAll(quote || '\u0000', quote + quote)}${quote}`;
  });
}

export const framed = (rows: string[][]) =>
  ` ?column? \n----------\n ${rows.map((row) => row.join(' | ')).join('\n ')}\n(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})\n\n`;
