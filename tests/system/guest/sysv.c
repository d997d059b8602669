/* System V shared memory, semaphores and message queues. The expectations are Linux's, run on the
 * host; qemu-user gives the host's own objects, of which others may be left. */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define KEY 0x1234
#define SIZE 100000

union semun {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
};

static void wait_for(pid_t child)
{
    fflush(stdout);
    waitpid(child, NULL, 0);
}

/* The parent is given time to wait before the child goes on, and the other way round. */
static pid_t split(void)
{
    fflush(stdout);
    return fork();
}

static void show_segment(int id)
{
    struct shmid_ds d;
    SHOW(shmctl(id, IPC_STAT, &d));
    printf("%zu bytes, %lu attached, mode %o, creator %d\n", d.shm_segsz,
           (unsigned long)d.shm_nattch, d.shm_perm.mode, d.shm_cpid == getpid());
}

static void in_child(char *p)
{
    strcpy(p + 50, "from the child");
    SHOW(shmdt(p));
    SHOW(shmdt(p));
    fflush(stdout);
    _exit(0);
}

static void shared_memory(void)
{
    int id = shmget(KEY, SIZE, IPC_CREAT | 0600);
    SHOW(shmget(KEY, 2 * SIZE, 0));
    SHOW(shmget(KEY, 10, IPC_CREAT | IPC_EXCL));
    SHOW(shmget(KEY + 1, 10, 0));
    SHOW(shmget(IPC_PRIVATE, 0, 0600));
    GOOD(shmget(KEY, 10, 0) == id);
    char *p = shmat(id, NULL, 0), *q = shmat(id, NULL, SHM_RDONLY);
    strcpy(p, "seen twice");
    puts(q);
    p[SIZE - 1] = 1;
    SHOW((long)shmat(id, p, 0));
    SHOW((long)shmat(id, p + 1, 0));
    SHOW(mprotect(q, 1, PROT_READ | PROT_WRITE));
    show_segment(id);
    pid_t child = split();
    if (child == 0)
        in_child(p);
    wait_for(child);
    puts(q + 50);
    show_segment(id);
    SHOW(shmctl(id, IPC_RMID, NULL));
    SHOW(shmget(KEY, 10, 0));
    show_segment(id);
    SHOW(shmdt(p));
    SHOW(shmdt(q));
    SHOW(shmctl(id, IPC_RMID, NULL));
}

static void values(int id)
{
    unsigned short v[3] = {1, 2, 3};
    struct semid_ds d;
    SHOW(semctl(id, 0, SETALL, (union semun){.array = v}));
    SHOW(semctl(id, 1, SETVAL, (union semun){.val = 7}));
    SHOW(semctl(id, 1, SETVAL, (union semun){.val = 32768}));
    SHOW(semctl(id, 1, GETVAL));
    SHOW(semctl(id, 3, GETVAL));
    memset(v, 0, sizeof v);
    SHOW(semctl(id, 0, GETALL, (union semun){.array = v}));
    SHOW(semctl(id, 0, IPC_STAT, (union semun){.buf = &d}));
    printf("%d %d %d of %lu\n", v[0], v[1], v[2], (unsigned long)d.sem_nsems);
}

static void take_and_end(int id)
{
    struct sembuf both[] = {{0, -5, SEM_UNDO}, {1, -1, 0}};
    SHOW(semop(id, both, 2));
    SHOW(semctl(id, 0, GETVAL));
    GOOD(semctl(id, 0, GETPID) == getpid());
    fflush(stdout);
    _exit(0);
}

static void wait_for_zero(int id)
{
    struct sembuf zero = {2, 0, 0};
    SHOW(semop(id, &zero, 1));
    fflush(stdout);
    _exit(0);
}

static void semaphores(void)
{
    int id = semget(IPC_PRIVATE, 3, 0600);
    struct sembuf too_much[] = {{1, -1, 0}, {0, -2, IPC_NOWAIT}}, none = {9, 1, 0};
    struct sembuf slow = {0, -2, 0}, give = {0, 9, 0};
    struct timespec limit = {0, 1000000};
    values(id);
    SHOW(semop(id, too_much, 2));
    SHOW(semop(id, &none, 1));
    SHOW(semtimedop(id, &slow, 1, &limit));
    pid_t child = split();
    if (child == 0)
        take_and_end(id);
    usleep(1000);
    SHOW(semctl(id, 0, GETNCNT));
    SHOW(semop(id, &give, 1));
    wait_for(child);
    SHOW(semctl(id, 0, GETVAL));
    SHOW(semctl(id, 1, GETVAL));
    child = split();
    if (child == 0)
        wait_for_zero(id);
    usleep(1000);
    SHOW(semctl(id, 2, GETZCNT));
    SHOW(semctl(id, 0, IPC_RMID));
    wait_for(child);
    SHOW(semctl(id, 0, GETVAL));
}

struct message {
    long type;
    char text[100];
};

static void receive_two(int id)
{
    struct message m;
    SHOW(msgrcv(id, &m, sizeof m.text, 0, 0));
    puts(m.text);
    SHOW(msgrcv(id, &m, sizeof m.text, 0, 0));
    fflush(stdout);
    _exit(0);
}

static void on_alarm(int signo) { (void)signo; }

static void send_and_receive(int id)
{
    struct message five = {5, "five"}, three = {3, "three"}, m = {9, ""};
    struct msqid_ds d;
    SHOW(msgsnd(id, &five, 10, 0));
    SHOW(msgsnd(id, &three, 20, 0));
    SHOW(msgsnd(id, &m, 0, 0));
    SHOW(msgctl(id, IPC_STAT, &d));
    printf("%lu messages, limit %lu\n", (unsigned long)d.msg_qnum, (unsigned long)d.msg_qbytes);
    SHOW(msgrcv(id, &m, 5, 0, 0));
    SHOW(msgrcv(id, &m, 100, -4, 0));
    printf("%ld %s\n", m.type, m.text);
    SHOW(msgrcv(id, &m, 5, 5, MSG_NOERROR));
    SHOW(msgrcv(id, &m, 5, 2, IPC_NOWAIT));
    SHOW(msgrcv(id, &m, 5, 2, MSG_EXCEPT));
    printf("%ld\n", m.type);
    m.type = 0;
    SHOW(msgsnd(id, &m, 1, 0));
}

static void queues(void)
{
    int id = msgget(KEY, IPC_CREAT | 0600);
    struct message m = {1, "for the child"};
    struct msqid_ds d;
    send_and_receive(id);
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm, .sa_flags = SA_RESTART}, NULL);
    ualarm(1000, 0);
    SHOW(msgrcv(id, &m, 5, 0, 0));
    pid_t child = split();
    if (child == 0)
        receive_two(id);
    usleep(1000);
    SHOW(msgsnd(id, &m, 20, 0));
    usleep(1000);
    msgctl(id, IPC_STAT, &d);
    d.msg_qbytes = 100;
    SHOW(msgctl(id, IPC_SET, &d));
    SHOW(msgsnd(id, &m, 60, IPC_NOWAIT));
    SHOW(msgctl(id, IPC_RMID, NULL));
    wait_for(child);
    SHOW(msgsnd(id, &m, 1, 0));
}

int main(void)
{
    shared_memory();
    semaphores();
    queues();
    return 0;
}
