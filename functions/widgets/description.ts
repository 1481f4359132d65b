/** What CloudWatch shows to whoever adds the widget, in Markdown; the parameters are YAML, as its own samples have it. */
export const DESCRIPTION = `## Firebreak

Shows what is wrong, and does what a person in command may do. Every button that changes something asks before it does.
The name that you give is written down as given, unverified; what is destructive is approved elsewhere.

### Widget parameters
Param | Description
---|---
**view** | \`open\` (all open incidents), \`worst\` (the worst of them), \`runbooks\` or \`approvals\`; \`incident\` with **incident**, or \`runbook\` with **runbook**, for one

### Example parameters
\`\`\` yaml
view: open
\`\`\`
`;
