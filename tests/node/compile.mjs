// Reads a list of MJML documents as JSON, writes what the reference compiler makes of each, with its complaints.
import { readFileSync } from 'node:fs'
import mjml2html from 'mjml'

const made = []
for (const source of JSON.parse(readFileSync(0, 'utf8'))) {
  const { html, errors } = await mjml2html(source, { validationLevel: 'soft', keepComments: true, minify: false })
  made.push({ html, errors: errors.map((error) => error.formattedMessage) })
}
process.stdout.write(JSON.stringify(made))
