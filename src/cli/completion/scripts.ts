/** Scripts that let a shell complete this command: each asks it, by `__complete` and the words so far, what may come next. */

const BASH = `# Completion of rule-webhooks for bash: source <(rule-webhooks completion bash)
_rule_webhooks() {
  local value description cur="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS=$'\\t' read -r value description; do
    if [[ $value == ':files' ]]; then
      compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$cur"))
    elif [[ -n $value ]]; then
      COMPREPLY+=("$(printf '%q' "$value")")
    fi
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _rule_webhooks rule-webhooks
`;

const ZSH = `#compdef rule-webhooks
# Completion of rule-webhooks for zsh: source <(rule-webhooks completion zsh), after compinit; or a file _rule-webhooks in $fpath.
_rule_webhooks() {
  local line value
  local -a candidates
  while IFS= read -r line; do
    value="\${line%%$'\\t'*}"
    if [[ $value == ':files' ]]; then
      _files
      return
    fi
    [[ -n $value ]] && candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${(Q)words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe 'rule-webhooks' candidates
}
if [[ "\${funcstack[1]}" == '_rule_webhooks' ]]; then
  _rule_webhooks "$@"
else
  compdef _rule_webhooks rule-webhooks
fi
`;

const FISH = `# Completion of rule-webhooks for fish: rule-webhooks completion fish | source
function __rule_webhooks_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l lines ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
  if test (count $lines) -gt 0; and test "$lines[1]" = ':files'
    __fish_complete_path "$current"
  else
    printf '%s\\n' $lines
  end
end
complete -c rule-webhooks -f -a '(__rule_webhooks_complete)'
`;

export const COMPLETION_SCRIPTS: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
};
