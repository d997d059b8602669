/* Starting programs, which qemu-user leaves to the host: what the new one gets and what it keeps,
 * scripts, and what cannot be started. The only program at hand is this one. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SELF "/proc/self/exe"
#define LONG_ARGUMENT 100000

static void show(const char *what, long value) { printf("%s: %ld\n", what, value); }

static int status_of(pid_t child)
{
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *no_env[] = {NULL};

/* Starts a program in a child: its exit status, or 200 + errno. */
static int run(const char *program, char **argv, char **envp)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execve(program, argv, envp);
        _exit(200 + errno);
    }
    return status_of(child);
}

static int run_mode(const char *mode, const char *more)
{
    char *argv[] = {"exec", (char *)(uintptr_t)mode, (char *)(uintptr_t)more, NULL};
    return run(SELF, argv, no_env);
}

/* The modes of the new program. */
static int show_words(int argc, char **argv)
{
    extern char **environ;
    for (int n = 0; n < argc; n++)
        printf("  argv %d: (%.40s)\n", n, argv[n]);
    for (char **e = environ; *e; e++)
        printf("  env: (%s)\n", *e);
    return argc;
}

static void on_signal(int signo) { (void)signo; }

static int show_kept(char **argv)
{
    sigset_t mask, pending;
    struct sigaction action;
    char name[16];
    stack_t stack;
    show("  same process", getpid() == atoi(argv[2]));
    sigprocmask(SIG_BLOCK, NULL, &mask);
    show("  blocked", sigismember(&mask, SIGUSR1));
    sigpending(&pending);
    show("  pending", sigismember(&pending, SIGUSR1));
    sigaction(SIGUSR2, NULL, &action);
    show("  ignored", action.sa_handler == SIG_IGN);
    sigaction(SIGTERM, NULL, &action);
    show("  handled", action.sa_handler != SIG_DFL);
    sigaltstack(NULL, &stack);
    show("  signal stack", stack.ss_flags != SS_DISABLE);
    show("  closed", fcntl(20, F_GETFD));
    show("  open", fcntl(21, F_GETFD));
    show("  offset", lseek(21, 0, SEEK_CUR));
    show("  umask", umask(0));
    show("  alarm", alarm(0) > 0);
    prctl(PR_GET_NAME, name);
    printf("  name: %s\n", name);
    return 7;
}

static int prepare_and_exec(void)
{
    char pid[16], stack[65536];
    sigset_t mask;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    raise(SIGUSR1);
    signal(SIGUSR2, SIG_IGN);
    sigaction(SIGTERM, &action, NULL);
    sigaltstack(&alternate, NULL);
    int file = open("file", O_RDWR | O_CREAT, 0644);
    write(file, "12345", 5);
    dup3(file, 20, O_CLOEXEC);
    dup2(file, 21);
    umask(051);
    alarm(1000);
    prctl(PR_SET_NAME, "another");
    snprintf(pid, sizeof pid, "%d", getpid());
    char *argv[] = {"exec", "kept", pid, NULL};
    execve(SELF, argv, no_env);
    return 1;
}

static void *exec_in_thread(void *pid)
{
    char *argv[] = {"exec", "same", pid, NULL};
    execve(SELF, argv, no_env);
    return NULL;
}

/* Another thread than the first one starts the program and becomes the first one. */
static int exec_beside_threads(void)
{
    char pid[16];
    pthread_t t;
    snprintf(pid, sizeof pid, "%d", getpid());
    pthread_create(&t, NULL, exec_in_thread, pid);
    pthread_join(t, NULL);
    return 1;
}

static int mode(int argc, char **argv)
{
    if (!strcmp(argv[1], "words"))
        return show_words(argc, argv);
    if (!strcmp(argv[1], "prepare"))
        return prepare_and_exec();
    if (!strcmp(argv[1], "kept"))
        return show_kept(argv);
    if (!strcmp(argv[1], "threads"))
        return exec_beside_threads();
    if (!strcmp(argv[1], "same"))
        return getpid() == atoi(argv[2]) && syscall(SYS_gettid) == getpid() ? 8 : 9;
    if (!strcmp(argv[1], "length"))
        return (int)strlen(argv[2]) == LONG_ARGUMENT;
    return show_words(argc, argv); /* a script's */
}

static void words(void)
{
    char *argv[] = {"name", "words", "", "two words", NULL}, *envp[] = {"A=1", "B=", NULL};
    char *long_argv[] = {"exec", "length", NULL, NULL};
    show("status", run(SELF, argv, envp));
    long_argv[2] = malloc(LONG_ARGUMENT + 1);
    memset(long_argv[2], 'x', LONG_ARGUMENT);
    long_argv[2][LONG_ARGUMENT] = 0;
    show("long argument", run(SELF, long_argv, no_env));
    free(long_argv[2]);
}

/* Together they may take a quarter of the stack's limit, 2 MiB. */
static void too_many_words(void)
{
    enum { COUNT = 300, BYTES = 10000 };
    char *argv[COUNT + 1], *text = malloc(BYTES);
    memset(text, 'y', BYTES);
    text[BYTES - 1] = 0;
    for (int n = 0; n < COUNT; n++)
        argv[n] = text;
    argv[COUNT] = NULL;
    argv[0] = "exec";
    argv[1] = "same";
    show("too many words", run(SELF, argv, no_env) - 200);
    argv[COUNT / 2] = NULL;
    show("half of them", run(SELF, argv, no_env));
    free(text);
}

static void make(const char *name, const char *content, int mode)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    write(fd, content, strlen(content));
    fchmod(fd, (mode_t)mode);
    close(fd);
}

static void run_script(const char *name, const char *content)
{
    char *argv[] = {"dropped", "more", NULL};
    make(name, content, 0755);
    printf("script %s\n", name);
    fflush(stdout);
    show("status", run(name, argv, no_env));
}

static void scripts(void)
{
    char line[400] = "#!";
    run_script("./plain", "#!/proc/self/exe\n");
    run_script("./argument", "#! \t/proc/self/exe  one two \nrest\n");
    run_script("./without_end", "#!/proc/self/exe x");
    run_script("./nested", "#!./argument deep\n");
    run_script("./empty", "#! \n");
    run_script("./missing", "#!/nowhere/interpreter\n");
    run_script("./endless", "#!./endless\n");
    memset(line + 2, 'x', 300);
    run_script("./too_long", line);
    run_script("./no_program", "hello\n");
}

static void refused(void)
{
    char *argv[] = {"x", NULL};
    char header[20] = "\177ELF\2\1\1";
    make("broken", header, 0755);
    make("secret", "#!/proc/self/exe\n", 0644);
    show("broken", run("./broken", argv, no_env) - 200);
    show("no permission", run("./secret", argv, no_env) - 200);
    show("directory", run("/", argv, no_env) - 200);
    show("nothing", run("./nowhere", argv, no_env) - 200);
    show("not a directory", run("./secret/x", argv, no_env) - 200);
    show("bad name", syscall(SYS_execve, 8, argv, no_env) == -1 ? errno : 0);
    show("bad vector", syscall(SYS_execve, SELF, 8, no_env) == -1 ? errno : 0);
    argv[0] = (char *)8;
    show("bad word", syscall(SYS_execve, SELF, argv, no_env) == -1 ? errno : 0);
}

static void by_descriptor(void)
{
    char *argv[] = {"exec", "words", NULL};
    int fd = open(SELF, O_RDONLY), directory = open(".", O_RDONLY | O_DIRECTORY);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        fexecve(fd, argv, no_env);
        _exit(1);
    }
    show("by descriptor", status_of(child));
    child = fork();
    if (child == 0) {
        syscall(SYS_execveat, directory, "plain", argv, no_env, 0);
        _exit(1);
    }
    show("script below a directory", status_of(child));
    show("bad flags", syscall(SYS_execveat, directory, "x", argv, no_env, 1) == -1 ? errno : 0);
    show("no name", syscall(SYS_execveat, fd, "", argv, no_env, 0) == -1 ? errno : 0);
}

static void spawns(void)
{
    posix_spawn_file_actions_t actions;
    char *argv[] = {"exec", "words", NULL}, text[200] = {0};
    pid_t child;
    int ends[2];
    pipe2(ends, O_CLOEXEC);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    show("spawned", posix_spawn(&child, SELF, &actions, NULL, argv, no_env));
    close(ends[1]);
    while (read(ends[0], text + strlen(text), sizeof text - 1 - strlen(text)) > 0) {
    }
    fputs(text, stdout);
    show("status", status_of(child));
    close(ends[0]);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return mode(argc, argv);
    words();
    too_many_words();
    show("status", run_mode("prepare", NULL));
    show("started by a thread", run_mode("threads", NULL));
    scripts();
    refused();
    by_descriptor();
    spawns();
    return 0;
}
