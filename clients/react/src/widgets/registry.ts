import type { ComponentRegistry } from "./component.js";
import { Badge } from "./components/Badge.js";
import { Basic } from "./components/Basic.js";
import { Box } from "./components/Box.js";
import { Button } from "./components/Button.js";
import { Caption } from "./components/Caption.js";
import { Card } from "./components/Card.js";
import { Chart } from "./components/Chart.js";
import { Checkbox } from "./components/Checkbox.js";
import { Col } from "./components/Col.js";
import { DatePicker } from "./components/DatePicker.js";
import { Divider } from "./components/Divider.js";
import { Form } from "./components/Form.js";
import { Icon } from "./components/Icon.js";
import { Image } from "./components/Image.js";
import { Input } from "./components/Input.js";
import { Label } from "./components/Label.js";
import { ListView } from "./components/ListView.js";
import { ListViewItem } from "./components/ListViewItem.js";
import { Markdown } from "./components/Markdown.js";
import { RadioGroup } from "./components/RadioGroup.js";
import { Row } from "./components/Row.js";
import { Select } from "./components/Select.js";
import { Spacer } from "./components/Spacer.js";
import { Table } from "./components/Table.js";
import { TableCell } from "./components/TableCell.js";
import { TableRow } from "./components/TableRow.js";
import { Text } from "./components/Text.js";
import { Textarea } from "./components/Textarea.js";
import { Title } from "./components/Title.js";
import { Transition } from "./components/Transition.js";
import { Unknown } from "./components/Unknown.js";

/** What draws each component of the schema. */
export const REGISTRY: ComponentRegistry = {
  card: Card,
  listView: ListView,
  basic: Basic,
  listViewItem: ListViewItem,
  box: Box,
  row: Row,
  col: Col,
  form: Form,
  transition: Transition,
  table: Table,
  tableRow: TableRow,
  tableCell: TableCell,
  text: Text,
  title: Title,
  caption: Caption,
  markdown: Markdown,
  badge: Badge,
  icon: Icon,
  image: Image,
  divider: Divider,
  spacer: Spacer,
  button: Button,
  checkbox: Checkbox,
  datePicker: DatePicker,
  input: Input,
  label: Label,
  radioGroup: RadioGroup,
  select: Select,
  textarea: Textarea,
  chart: Chart,
  unknown: Unknown,
};
