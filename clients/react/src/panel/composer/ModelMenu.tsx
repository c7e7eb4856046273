import { Icon } from "../../icons/index.js";
import { ChoiceContent } from "../menu/ChoiceContent.js";
import { Menu } from "../menu/Menu.js";
import { useTexts } from "../PanelContext.js";
import type { Choice } from "../types.js";

/** Chooses the model that answers. */
export function ModelMenu({
  models,
  chosen,
  onChoose,
}: {
  models: readonly Choice[];
  chosen: Choice;
  onChoose(model: Choice): void;
}) {
  const texts = useTexts();
  return (
    <Menu
      label={`${texts.model}: ${chosen.label}`}
      className="wsp-model"
      align="end"
      button={
        <>
          <span>{chosen.label}</span>
          <Icon name="chevron-down" />
        </>
      }
      entries={models.map((model) => ({
        key: model.id,
        checked: model.id === chosen.id,
        content: <ChoiceContent choice={model} />,
        onSelect: () => onChoose(model),
      }))}
    />
  );
}
