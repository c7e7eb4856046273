"use client";

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Theme } from "@/server/choices";
import type { Person } from "@/server/session";
import type { ChatFrontend, ChatKitSettings } from "@/server/settings";
import { createClient } from "@/services/chat/client";
import { TASKS_CHANGED } from "@/services/chat/types";
import { Session } from "@/services/session/session";
import { TaskList } from "@/services/tasks/task-list";
import { Brand } from "./Brand";
import { ChatPane } from "./ChatPane";
import { ConnectionNotice } from "./ConnectionNotice";
import { PageMenu } from "./PageMenu";
import { SignInAgain } from "./SignInAgain";
import { TasksPane } from "./TasksPane";
import styles from "./Workspace.module.css";

export interface WorkspaceProps {
  person: Person;
  theme: Theme;
  frontend: ChatFrontend;
  chatkit: ChatKitSettings;
  imageDomains: readonly string[];
  /** What scripts of this page carry, so that they may run. */
  nonce: string;
}

type Pane = "tasks" | "chat";

/** The whole page of a person: tasks beside the chat; on a phone, one of the two. */
export function Workspace(props: WorkspaceProps) {
  const { person } = props;
  // On the server there is nothing to call from.
  const [services, setServices] = useState<Services>();
  useEffect(() => setServices(createServices(person.id)), [person.id]);
  useEffect(() => services?.tasks.open(), [services]);
  return services ? <Page {...props} services={services} /> : <Skeleton />;
}

interface Services {
  session: Session;
  client: ReturnType<typeof createClient>;
  tasks: TaskList;
}

function createServices(personId: string): Services {
  const session = new Session(personId);
  const client = createClient(session);
  return { session, client, tasks: new TaskList(client) };
}

function Page(props: WorkspaceProps & { services: Services }) {
  const { person, services, frontend, chatkit, imageDomains, nonce } = props;
  const { session, client, tasks } = services;
  const [pane, setPane] = useState<Pane>("chat");
  const [theme, setTheme] = useState(props.theme);
  const sessionState = useSyncExternalStore(session.subscribe, () => session.state);
  const onClientEffect = useCallback(
    (name: string) => {
      if (name === TASKS_CHANGED) tasks.changed();
    },
    [tasks],
  );
  return (
    <div className={styles.page} data-pane={pane}>
      <header className={styles.header}>
        <Brand />
        <PaneTabs pane={pane} onPane={setPane} />
        <PageMenu person={person} theme={theme} onTheme={setTheme} frontend={frontend} session={session} />
        <h1 className="visually-hidden">Widgetstream</h1>
      </header>
      <ConnectionNotice />
      <main className={styles.panes}>
        <TasksPane list={tasks} />
        <ChatPane
          client={client}
          session={session}
          frontend={frontend}
          chatkit={chatkit}
          imageDomains={imageDomains}
          theme={theme}
          nonce={nonce}
          onClientEffect={onClientEffect}
        />
      </main>
      {sessionState !== "active" && <SignInAgain session={session} state={sessionState} email={person.email} />}
    </div>
  );
}

/** On a phone: which of the two is shown. */
function PaneTabs({ pane, onPane }: { pane: Pane; onPane: (pane: Pane) => void }) {
  return (
    <nav className={styles.tabs} aria-label="Parts of the page">
      {(["tasks", "chat"] as const).map((each) => (
        <button key={each} type="button" aria-current={pane === each ? "page" : undefined} onClick={() => onPane(each)}>
          {each === "tasks" ? "Tasks" : "Chat"}
        </button>
      ))}
    </nav>
  );
}

function Skeleton() {
  return (
    <div className={styles.page} data-pane="chat" aria-busy="true">
      <header className={styles.header}>
        <Brand />
      </header>
      <main className={styles.panes}>
        <div className={styles.empty} />
        <div className={styles.empty} />
      </main>
    </div>
  );
}
