#!/usr/bin/env node
// Reads JSON lines on standard input and writes what the embedded planner understands, one line for each.
// No database and no network; the model is trained first where it is missing or older than the skills.
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

register()
const skills = fileURLToPath(new URL('../packages/skills', import.meta.url))
const { buildModel } = await import('@clawbernetes/skills/training/build')
buildModel(skills)
const { answerLine } = await import('@clawbernetes/skills/planner/door')
answerLine('{"utterance":"status"}')

process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1))
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() !== '' && !process.stdout.write(`${answerLine(line)}\n`)) {
    await new Promise((resolve) => process.stdout.once('drain', resolve))
  }
}
