/* The kinds of adversaries. Each sets up its mess, and returns in the leader when it stands. */
#ifndef KINDS_H
#define KINDS_H

extern int staying; /* the leader is to stay */

void child(void);
void daemon_open(void);
void daemon_closed(void);
void daemon_chatty(void);
void sessions(void);
void tree(void);

void hopper(void);
void hoppers(void);
void sibling_hoppers(void);
void captive_hoppers(void);

void storm(void);
void churn(void);
void orphan_churn(void);
void zombies(void);
void gang(void);

void stopped(void);
void stopped_sessions(void);
void stopped_leader(void);

void blocker(void);
void suicide(void);
void flooder(void);
void stop_flooder(void);
void stops_supervisor(void);
void kills_parent(void);
void kills_grandparent(void);
void kills_supervisors(void);

void headless(void);
void headless_leader(void);
void subreapers(void);
void vfork_chain(void);
void tracer(void);
void tracer_of_leader(void);
void namespace(void);

#endif
