import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/**
 * The files of the project that git tracks or would track, below `root`, as `path -> text`.
 * @param {string} root
 * @param {RegExp} wanted
 * @returns {Promise<Map<string, string>>}
 */
export async function sourceFiles(root, wanted) {
  const list = await exec('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  })
  const names = list.stdout.split('\0').filter((name) => wanted.test(name))
  const texts = await Promise.all(names.map((name) => readFile(path.join(root, name), 'utf8').catch(() => undefined)))
  return new Map(names.map((name, i) => [name, texts[i]]).filter(([, text]) => text !== undefined))
}
