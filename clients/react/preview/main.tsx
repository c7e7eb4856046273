import { createRoot } from "react-dom/client";
import { Specimens } from "../src/specimens/index.js";
import "../src/styles.css";

const query = new URLSearchParams(location.search);
if (query.get("dir") === "rtl") document.documentElement.dir = "rtl";
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <main>
      <Specimens theme={query.get("theme") === "dark" ? "dark" : "light"} />
    </main>,
  );
