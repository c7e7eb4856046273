// In place of ChatKit's own element: makes the requests that it makes, and lists the events that come.
customElements.define(
  "openai-chatkit",
  class extends HTMLElement {
    setOptions(options) {
      this.options = options;
      if (this.field) return;
      const root = this.attachShadow({ mode: "open" });
      this.field = document.createElement("input");
      this.field.setAttribute("aria-label", "Stand-in message");
      this.events = document.createElement("ol");
      root.append(this.field, this.events);
      this.field.addEventListener("keydown", (event) => event.key === "Enter" && this.send());
      this.dispatchEvent(new CustomEvent("chatkit.ready"));
    }

    async send() {
      const input = {
        content: [{ type: "input_text", text: this.field.value }],
        attachments: [],
        quoted_text: null,
        inference_options: {},
      };
      const answer = await this.options.api.fetch(this.options.api.url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-stainless-lang": "js" },
        body: JSON.stringify({ type: "threads.create", params: { input }, metadata: {} }),
      });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        const frames = (text + value).split("\n\n");
        text = frames.pop();
        for (const frame of frames) this.show(frame);
      }
    }

    show(frame) {
      const data = frame.split("\n").find((line) => line.startsWith("data: "));
      if (!data) return;
      const event = JSON.parse(data.slice(6));
      const entry = document.createElement("li");
      entry.textContent = event.type;
      this.events.append(entry);
      if (event.type !== "client_effect") return;
      const detail = { name: event.name, data: event.data };
      this.dispatchEvent(new CustomEvent("chatkit.effect", { detail }));
    }
  },
);
