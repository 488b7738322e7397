#include "bounds.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static atomic_int *budget; /* shared by all processes of the run */
static struct timespec end;
static int settled[2];

void set_bounds(int forks, int processes) {
  struct rlimit limit = {processes, processes};
  budget = mmap(NULL, sizeof *budget, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (budget == MAP_FAILED || pipe(settled) || setrlimit(RLIMIT_NPROC, &limit)) _exit(98);
  atomic_store(budget, forks);
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += LIFETIME;
  arm();
}

void arm(void) {
  struct sigevent kill_us = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
  struct itimerspec at_end = {.it_value = end};
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &kill_us, &timer)) _exit(98);
  if (timer_settime(timer, TIMER_ABSTIME, &at_end, NULL)) _exit(98);
}

int draw(void) { return atomic_fetch_sub(budget, 1) > 0; }

pid_t offspring(void) {
  pid_t pid = draw() ? fork() : -1;
  if (pid == 0) arm();
  return pid;
}

void settle(void) {
  while (write(settled[1], "", 1) < 0 && errno == EINTR) continue;
}

void await_settled(int count) {
  char byte;
  while (count > 0) {
    ssize_t got = read(settled[0], &byte, 1);
    if (got == 0) return;
    count -= got > 0;
  }
}

int number_from(const char *variable) {
  const char *text = getenv(variable);
  return text ? atoi(text) : -1;
}

void tell_ready(void) {
  int descriptor = number_from("READY_FD");
  if (descriptor >= 0 && write(descriptor, "ready\n", 6) == 6) close(descriptor);
}

void turn_deaf(void) {
  const int asks[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE};
  for (unsigned i = 0; i < sizeof asks / sizeof *asks; i++) signal(asks[i], SIG_IGN);
}

_Noreturn void rest(void) {
  for (;;) pause();
}

void nap(long microseconds) {
  struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
  nanosleep(&time, NULL);
}

int daemonize(void) {
  pid_t middle = offspring();
  if (middle) {
    while (middle > 0 && waitpid(middle, NULL, 0) < 0 && errno == EINTR) continue;
    return 1;
  }
  setsid();
  if (offspring()) _exit(0);
  return 0;
}
