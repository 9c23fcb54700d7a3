/* Lets what a process does to some of its files fail, as a disk does: loaded before the C library (LD_PRELOAD). strace cannot
 * tell a write to a file from the write by which threads wake each other, and it never writes half.
 *
 *   FAULTY_AT     only files with one of these in their path, between blanks
 *   FAULTY_NTH    the n-th of these calls fails, from 1
 *   FAULTY_HOW    EIO: this one. ENOSPC: a write writes half, and from then on there is no room. KILL: the process dies
 *   FAULTY_TOLD   a file that then names the call
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int seen;

enum fate { FINE, FELL, STILL_FULL };

static int is_ours(const char *path) {
  char parts[256], *rest = parts, *part;
  snprintf(parts, sizeof parts, "%s", getenv("FAULTY_AT") ? getenv("FAULTY_AT") : "");
  while ((part = strsep(&rest, " "))) {
    if (*part && strstr(path, part)) return 1;
  }
  return 0;
}

static enum fate meets(const char *call, const char *path, int takes_room) {
  const char *nth = getenv("FAULTY_NTH"), *how = getenv("FAULTY_HOW");
  if (!nth || !how || !path || !is_ours(path)) return FINE;
  int full = !strcmp(how, "ENOSPC"), wanted = atoi(nth);
  if (full && !takes_room) return FINE;
  int now = atomic_fetch_add(&seen, 1) + 1;
  if (now < wanted || (now > wanted && !full)) return FINE;
  int told = REAL(open64)(getenv("FAULTY_TOLD"), O_WRONLY | O_CREAT, 0600);
  if (told >= 0 && now == wanted) REAL(write)(told, call, strlen(call));
  if (told >= 0) close(told);
  if (!strcmp(how, "KILL")) raise(SIGKILL);
  errno = full ? ENOSPC : EIO;
  return now == wanted ? FELL : STILL_FULL;
}

static enum fate meets_file(const char *call, int file, int takes_room) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return FINE;
  path[length] = 0;
  return meets(call, path, takes_room);
}

ssize_t write(int file, const void *bytes, size_t count) {
  enum fate fate = meets_file(__func__, file, 1);
  if (fate == FELL && errno == ENOSPC && count > 1) return REAL(write)(file, bytes, count / 2);
  return fate == FINE ? REAL(write)(file, bytes, count) : -1;
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  int made = flags & O_CREAT && access(path, F_OK);
  return made && meets(__func__, path, 1) != FINE ? -1 : REAL(open64)(path, flags, mode);
}

int fsync(int file) { return meets_file(__func__, file, 1) == FINE ? REAL(fsync)(file) : -1; }
int fdatasync(int file) { return meets_file(__func__, file, 1) == FINE ? REAL(fdatasync)(file) : -1; }
int ftruncate64(int file, off64_t length) { return meets_file(__func__, file, 0) == FINE ? REAL(ftruncate64)(file, length) : -1; }
int mkdir(const char *path, mode_t mode) { return meets(__func__, path, 1) == FINE ? REAL(mkdir)(path, mode) : -1; }
int unlink(const char *path) { return meets(__func__, path, 0) == FINE ? REAL(unlink)(path) : -1; }
int rename(const char *from, const char *to) { return meets(__func__, to, 1) == FINE ? REAL(rename)(from, to) : -1; }

int linkat(int from, const char *path, int to, const char *name, int flags) {
  return meets(__func__, name, 1) == FINE ? REAL(linkat)(from, path, to, name, flags) : -1;
}
