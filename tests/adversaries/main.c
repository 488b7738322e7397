/* adversary KIND leave|stay [deaf]: make a mess; then the leader exits with 7, or stays. */
#include <stdio.h>
#include <string.h>

#include "bounds.h"
#include "kinds.h"

static const struct kind {
  const char *name, *does;
  void (*act)(void);
  int forks, processes;
} KINDS[] = {
    {"child", "stays in its leader's process group", child, 4, 8},
    {"daemon", "forks twice, and has a session of its own", daemon_open, 4, 8},
    {"daemon-closed", "closes all descriptors but the lifeline, too", daemon_closed, 4, 8},
    {"daemon-chatty", "writes to standard output until it blocks", daemon_chatty, 4, 8},
    {"sessions", "a thousand sessions below one leader", sessions, 1000, 1020},
    {"tree", "six levels, every other one a session of its own", tree, 70, 80},
    {"hopper", "forks, its parent exits, in a new session each time", hopper, 12000, 64},
    {"hoppers", "the same in 64 lanes", hoppers, 12000, 300},
    {"sibling-hoppers", "makes siblings by CLONE_PARENT instead", sibling_hoppers, 12000, 128},
    {"captive-hoppers", "below a subreaper that never waits", captive_hoppers, 400, 420},
    {"storm", "everyone forks, up to 400 processes", storm, 400, 420},
    {"churn", "forks children that exit at once, without an end", churn, 12000, 64},
    {"orphan-churn", "the same, as orphans that nobody waits for", orphan_churn, 12000, 200},
    {"zombies", "holds 300 zombies and never waits", zombies, 320, 340},
    {"gang", "continue one another, and start anew whoever died", gang, 600, 200},
    {"stopped", "a tree that has stopped itself, in the leader's group", stopped, 16, 32},
    {"stopped-sessions", "stopped by their parents, in sessions", stopped_sessions, 32, 48},
    {"stopped-leader", "stops itself once all is set up", stopped_leader, 16, 32},
    {"blocker", "a process group that blocks every signal", blocker, 8, 16},
    {"suicide", "kills its own process group, but not its daemon", suicide, 8, 16},
    {"flooder", "sends its supervisor signals without an end", flooder, 8, 16},
    {"stop-flooder", "stops its supervisor without an end", stop_flooder, 8, 16},
    {"stops-supervisor", "stops its parent, and whoever is above", stops_supervisor, 4, 8},
    {"kills-parent", "kills its parent alone", kills_parent, 8, 16},
    {"kills-grandparent", "kills whoever is above that, alone", kills_grandparent, 8, 16},
    {"kills-supervisors", "kills all that are above it at once", kills_supervisors, 8, 16},
    {"headless", "daemons whose main thread has ended", headless, 8, 32},
    {"headless-leader", "a leader whose main thread has ended", headless_leader, 8, 32},
    {"subreapers", "nested subreapers, every other one gone", subreapers, 40, 60},
    {"vfork-chain", "each is suspended until its child is gone", vfork_chain, 20, 40},
    {"tracer", "holds traced children in a stop", tracer, 16, 32},
    {"tracer-of-leader", "a child traces the leader, and never waits", tracer_of_leader, 4, 8},
    {"namespace", "daemons in a PID namespace of their own", namespace, 16, 32},
};

int staying;

int main(int argc, char **argv) {
  for (unsigned i = 0; argc > 2 && i < sizeof KINDS / sizeof *KINDS; i++) {
    if (strcmp(argv[1], KINDS[i].name)) continue;
    staying = !strcmp(argv[2], "stay");
    if (argc > 3 && !strcmp(argv[3], "deaf")) turn_deaf();
    set_bounds(KINDS[i].forks, KINDS[i].processes);
    KINDS[i].act();
    tell_ready();
    if (staying) rest();
    return 7;
  }
  fprintf(stderr, "usage: adversary KIND leave|stay [deaf]\n");
  for (unsigned i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
    fprintf(stderr, "  %-18s %s\n", KINDS[i].name, KINDS[i].does);
  return 99;
}
