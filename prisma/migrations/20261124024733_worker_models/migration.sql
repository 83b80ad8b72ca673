-- CreateTable
CREATE TABLE "worker_models" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "models" JSONB NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_models_pkey" PRIMARY KEY ("id")
);
