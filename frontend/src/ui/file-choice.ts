export interface FileRules {
  /** extensions with dot, lower case */
  extensions: readonly string[]
  maxBytes: number
}

export interface FileRefusal {
  file: File
  reason: 'type' | 'empty' | 'size'
}

/** Sorts chosen files before upload; the server looks at their content again. */
export function sortFiles(files: readonly File[], rules: FileRules): { taken: File[]; refused: FileRefusal[] } {
  const taken: File[] = []
  const refused: FileRefusal[] = []
  for (const file of files) {
    const name = file.name.toLowerCase()
    if (!rules.extensions.some((extension) => name.endsWith(extension))) refused.push({ file, reason: 'type' })
    else if (file.size === 0) refused.push({ file, reason: 'empty' })
    else if (file.size > rules.maxBytes) refused.push({ file, reason: 'size' })
    else taken.push(file)
  }
  return { taken, refused }
}
