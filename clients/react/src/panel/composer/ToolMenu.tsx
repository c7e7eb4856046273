import { Icon } from "../../icons/index.js";
import { ChoiceContent } from "../menu/ChoiceContent.js";
import { Menu } from "../menu/Menu.js";
import { useTexts } from "../PanelContext.js";
import type { ToolOption } from "../types.js";

/** Chooses a tool that the assistant is to use, or none; the chosen one stands beside the button. */
export function ToolMenu({
  tools,
  chosen,
  onChoose,
}: {
  tools: readonly ToolOption[];
  chosen: ToolOption | undefined;
  onChoose(tool: ToolOption | undefined): void;
}) {
  const texts = useTexts();
  return (
    <>
      <Menu
        label={chosen ? texts.toolChosen(chosen.label) : texts.tools}
        button={<Icon name="settings-slider" />}
        entries={tools.map((tool) => ({
          key: tool.id,
          checked: tool.id === chosen?.id,
          content: <ChoiceContent choice={tool} />,
          onSelect: () => onChoose(tool.id === chosen?.id ? undefined : tool),
        }))}
      />
      {chosen && (
        <button
          type="button"
          className="wsp-tool-chip"
          onClick={() => onChoose(undefined)}
          aria-label={texts.removeTool(chosen.label)}
          title={texts.removeTool(chosen.label)}
        >
          {chosen.icon && <Icon name={chosen.icon} />}
          <span>{chosen.shortLabel ?? chosen.label}</span>
          <Icon name="x" />
        </button>
      )}
    </>
  );
}
